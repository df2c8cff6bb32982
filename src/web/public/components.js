import { initAll } from './govuk.js';

initAll();

// A draft behind the `#` comes along through signing in, inside the browser alone; an identity provider is never handed it.
const OWN = ['/sign-in', '/sign-in/code', '/sign-in/new-password'];
for (const form of document.querySelectorAll('form[method="post"]')) {
  if (location.hash !== '' && OWN.includes(form.getAttribute('action'))) form.action += location.hash;
}
