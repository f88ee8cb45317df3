// Package credential has the credentials that a person pastes, a personal access token or a GitHub App with its key, and what GitHub
// says about them. A Token holds either kind. It cannot be printed, logged or encoded: only Reveal returns its value, and no method
// returns the key. The package makes no requests. It must not know what a credential may read, which package access knows. Start
// reading at Token.
package credential
