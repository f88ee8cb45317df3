// Package credential has what a person pastes to prove to GitHub who asks, a personal access token or a GitHub App with its key,
// and what GitHub says about it. A Token holds either. It cannot be printed, logged or encoded: only Reveal returns its value,
// and nothing returns the key. The package makes no requests and must not know what a credential may read: package access knows
// that. Start reading at Token.
package credential
