/* Fills what an answer links to into the parameters of the operations there, so that nobody has to copy an id. */
{
  const BODY = '$response.body#/';

  /** The value of a runtime expression of a link (OpenAPI 3.1, section 4.8.20.4), of those that read the body. */
  const valueOf = (expression, body) =>
    typeof expression === 'string' && expression.startsWith(BODY)
      ? expression
          .slice(BODY.length)
          .split('/')
          .reduce((value, key) => value?.[key], body)
      : undefined;

  const placeOf = (paths, operationId) => {
    for (const [path, operations] of paths.entries()) {
      for (const [method, operation] of operations.entries()) {
        if (operation.get('operationId') === operationId) return { place: [path, method], operation };
      }
    }
    return undefined;
  };

  const follow = ({ specActions, specSelectors }, path, method, { status, body }) => {
    const paths = specSelectors.specJson().get('paths');
    const links = paths.getIn([path, method, 'responses', String(status), 'links']);
    links?.forEach((link) => {
      const target = placeOf(paths, link.get('operationId'));
      target?.operation.get('parameters')?.forEach((parameter) => {
        const value = valueOf(link.getIn(['parameters', parameter.get('name')]), body);
        if (value !== undefined) {
          specActions.changeParamByIdentity(target.place, parameter, String(value), false);
        }
      });
    });
  };

  const plugin = () => ({
    statePlugins: {
      spec: {
        wrapActions: {
          setResponse: (original, system) => (path, method, response) => {
            const result = original(path, method, response);
            follow(system, path, method, response);
            return result;
          },
        },
      },
    },
  });

  // The page makes its Swagger UI when all of it is loaded.
  const create = window.SwaggerUIBundle;
  window.SwaggerUIBundle = Object.assign(
    (options) => create({ ...options, plugins: [...options.plugins, plugin] }),
    create,
  );
}
