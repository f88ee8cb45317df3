// Package github speaks to GitHub. It makes REST calls through go-github, and downloads the files behind signed report links
// through another HTTP client. It only reads. Start at Service, which makes a Client for a token.
//
// go-github v66 does not know Copilot's reports, enterprise seats, AI credits or plan types. It remembers rate limits per
// client, and it would send the token to a signed link. So the types here are our own, each token has a Client of its own,
// and links are fetched without the token. Every error is a *fault.Error that holds neither the token nor the query of a
// link.
package github
