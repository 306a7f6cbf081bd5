const ROOT = '/console';

/**
 * Completes the page for the URL at which it is requested: its files are referenced relative to it, so that it works
 * below any path of a proxy.
 *
 * @param html as built: references begin with `./`
 * @param path path of the request, without the query
 */
export function consolePage(html: string, path: string): string {
  return html.replaceAll('="./', `="${wayToRoot(path)}`);
}

function wayToRoot(path: string): string {
  if (path === ROOT) return `.${ROOT}/`;
  const folders = path.slice(ROOT.length + 1).split('/').length - 1;
  return folders === 0 ? './' : '../'.repeat(folders);
}
