/** The smallest node that there can be. */
module.exports = (/** @type {any} */ RED) => {
  /**
   * @this {object}
   * @param {object} config
   */
  function EmptyNode(config) {
    RED.nodes.createNode(this, config);
  }
  RED.nodes.registerType('empty', EmptyNode);
};
