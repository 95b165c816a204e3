// The pages, as HTML.

export const SIGN_UP_PAGE: string = page(`
  <form method="post" action="/sign-up">
    <label>E-mail <input type="email" name="address" required></label>
    <button>Sign up</button>
  </form>
`);

export function statusPage(text: string): string {
  return page(`<p role="status">${escapeHtml(text)}</p>`);
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>The Shop</title><main>${body}</main></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
