/** A step of the set-up that did not succeed; the message says what a person can do. */
export class SetUpError extends Error {}
