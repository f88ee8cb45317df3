// Package github speaks to GitHub: REST calls through go-github, and the files behind signed report links
// through a client of their own. It only ever reads.
//
// go-github v66 knows no Copilot reports, enterprise seats, AI credits or plan types, remembers rate limits per
// client, and would send the token along to a signed link. So the types here are our own, there is one Client
// per token, and links are fetched without it. Every error it returns is a *fault.Error that holds neither
// the token nor the query of a link.
package github
