/** A reporter for vitest: names the tests that failed at first, so that none of them stays unnoticed. */
export default class RetriedTestsReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const names = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId}: ${test.fullName}`),
    );
    if (names.length > 0) console.log(`Passed at the second attempt only:\n${names.join('\n')}`);
  }
}
