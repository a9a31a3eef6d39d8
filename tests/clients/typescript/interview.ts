/** The interview that every client holds, and what it tells of it. */

export const WRITTEN = "I bake bread.";
export const SPOKEN = [
  { id: "e2", text: "I bake cakes" },
  { id: "e3", text: "for weddings." },
];

export interface Told {
  done: boolean;
  clocks: boolean[];
  sources: (string | null)[];
  words: string[];
  refusals: string[];
}

export function tell(told: Told): void {
  console.log(JSON.stringify(told));
}

export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
