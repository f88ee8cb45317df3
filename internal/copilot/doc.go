// Package copilot has GitHub's own terms for the customer that pays for Copilot: the account (an organization or enterprise
// on a host) and its plan. It is the only place that validates names of accounts. It makes no requests and must not know
// tokens or storage; package github makes the requests. Start reading at Account.
package copilot
