// Package copilot has GitHub's own notions of who pays for Copilot: the account (an organization or enterprise on a host)
// and its plan. Names that come from outside are checked here, once. It sends nothing; package github does.
package copilot
