/** The smallest node that there can be. */
module.exports = (/** @type {any} */ RED) => {
  RED.nodes.registerType('empty', function EmptyNode(/** @type {object} */ config) {
    RED.nodes.createNode(this, config);
  });
};
