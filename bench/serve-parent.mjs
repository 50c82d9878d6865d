/**
 * What a program of bench/programs does: each task that its parent sends, until that is gone.
 * @param {(task: any) => unknown} perform
 */
export function serveParent(perform) {
  process.on('message', async (task) => {
    process.send?.(await perform(task));
  });
  process.once('disconnect', () => process.exit());
}
