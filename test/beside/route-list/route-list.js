/** Loaded into a Node-RED of the tests: tells under `GET /route-list` which routes there are on its two web apps. */
module.exports = function register(RED) {
  const routesOf = (app) =>
    app._router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : [],
    );
  RED.httpAdmin.get('/route-list', (_request, response) => {
    response.json({ admin: routesOf(RED.httpAdmin), node: routesOf(RED.httpNode) });
  });
};
