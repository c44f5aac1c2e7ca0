/** The test runner's runtime has it; the Worker's types do not, for the Worker must not use it. */
declare function setImmediate(callback: () => void): void;
