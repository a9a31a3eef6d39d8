/** What a person sees before and while they speak; loaded when somebody wants to. */

export { Bar } from "./bar.js";
export { Captions } from "./captions.js";
export { Check } from "./check.js";
