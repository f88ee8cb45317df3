// Package access knows what of GitHub a credential opens: which scope or permission lets it read an account's usage, seats
// and bill, what contains that scope, who can give it, and how a person makes such a token. It is the only place that
// knows: causes and cures, mails and documents read the table in rights.go, which is where to start. A further kind of
// credential is further rows of that table and one of forms. It sends nothing and knows nothing of what GitHub answered.
package access
