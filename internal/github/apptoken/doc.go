// Package apptoken gets the installation tokens with which a GitHub App reads an account. It signs JWTs with the App's key, finds
// the installation on the account, asks for a token that reads no more than is needed, and gives it back. Tokens live in memory
// only. The package must not know what is read with them. Start reading at Session.
package apptoken
