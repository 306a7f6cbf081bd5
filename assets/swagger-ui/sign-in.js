/* Signs in who comes by the link that npm start printed: its code is given for the token that it stands for. */
{
  const SCHEME = 'access_token';
  const authorize = (token) => {
    const schema = window.ui.specSelectors.specJson().getIn(['components', 'securitySchemes', SCHEME]);
    window.ui.authActions.authorizeWithPersistOption({ [SCHEME]: { name: SCHEME, schema, value: token } });
  };

  const tell = (sentence) => {
    const note = document.createElement('p');
    note.setAttribute('role', 'alert');
    note.style.cssText =
      'margin: 0; padding: 1em; text-align: center; background: #fff3cd; font: 16px sans-serif';
    note.textContent = sentence;
    document.body.prepend(note);
  };

  const [, code] = /^#sign-in=([\w-]+)$/.exec(window.location.hash) ?? [];
  if (code !== undefined) {
    // Good once, and nothing that should stay in the history.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);

    const root = document.currentScript.src.replace(/docs\/(?:docs\/)?extras\/[^/]*$/, '');
    const answer = fetch(`${root}api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });

    const signIn = async () => {
      const response = await answer;
      if (response.ok) return authorize((await response.json()).token);
      return tell(
        'This link was used before, or is too old. Press Authorize and paste the token that npm start printed.',
      );
    };

    // The page has made its Swagger UI by then: its listener was there first.
    window.addEventListener('load', () => {
      signIn().catch(() => tell('Reelport cannot be reached.'));
    });
  }
}
