// Package access knows the rights that a credential needs: which scope or permission lets it read an account's usage, seats
// and bill, which broader scopes include that one, who can grant it, and how a person makes such a token. It is the only
// place that knows this: checks, remedies, mails and documents read the table in rights.go. Start reading there. To add a
// kind of credential, add rows to that table and one row to forms. The package makes no requests and must not know the
// texts of GitHub's answers.
package access
