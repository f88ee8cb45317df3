// Package vault is where the tokens of connectors lie: in AWS Secrets Manager, or in files for the local program.
//
// Both vaults have the same methods and errors. A token that is not there is an error of fault.NoToken; a
// vault that gave no answer, or refused, is one of fault.Vault, and any write may be repeated after it.
// A string that cannot be a token is not stored. No error holds a token, a name or an ARN.
package vault
