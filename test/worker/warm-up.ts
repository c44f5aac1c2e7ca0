// The Worker takes seconds to load through the test runner: no test should count them as its own.
import '../../src/index.ts';
