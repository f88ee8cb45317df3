// Package credential has the token that a person pastes, the token's kind, and what GitHub says about its owner. A Token
// cannot be printed, logged or encoded; only Reveal returns its value. The package makes no requests and must not know what
// a token may read: package access knows that. Start reading at Token.
package credential
