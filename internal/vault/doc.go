// Package vault has the rules that every vault follows: the names of stored tokens, what can be a token, and the errors. Each
// vault has a folder of its own: secretsmanager and kms for AWS, files for the local program. Every vault passes the contract
// tests in vaulttest. Start reading at Vault.
//
// Get returns fault.NoToken if there is no token. Every method returns fault.Vault if the vault gave no answer or refused; any
// write may then be repeated. No vault stores a string that cannot be a token. No error contains a token, a name or an ARN.
package vault
