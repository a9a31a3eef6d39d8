/** What the candidate sees before and while they speak; loaded when they choose to. */

export { Bar } from "./bar.js";
export { Captions } from "./captions.js";
export { Check } from "./check.js";
