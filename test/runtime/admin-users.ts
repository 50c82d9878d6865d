/** The bcrypt hash of `open sesame`. */
const password = '$2b$08$1bEjf5s7wfjeD929fKE.xuDoLM.88OzTZMnXAcjakZn/ayJ17UTWC';
const user = (username: string, permissions: string | string[]) => ({
  username,
  password,
  permissions,
});
/** For `settings`: users with the password of `login`, and what they may do. */
export const adminAuth = {
  type: 'credentials',
  users: [user('ada', '*'), user('reader', 'read'), user('editor', ['read', 'flows.write'])],
};
export const login = (username: string) => ({ username, password: 'open sesame' });
