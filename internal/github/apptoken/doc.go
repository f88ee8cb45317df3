// Package apptoken gets the installation tokens with which a GitHub App reads an account. It signs JWTs with the App's key, finds
// the installation, asks for a token that reads only what is needed, and gives it back. Tokens are only in memory. The package must not
// know what is read with them. Start reading at Session.
package apptoken
