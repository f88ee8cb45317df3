// Package vault says what every vault holds to: the names under which tokens lie, what can be a token, and the errors.
// The vaults themselves are in folders of their own: secretsmanager for AWS, files for the local program. Package
// vaulttest is the contract that each of them passes.
//
// All vaults have the same methods. A token that is not there is an error of fault.NoToken; a vault that gave no answer,
// or refused, is one of fault.Vault, and any write may be repeated after it. A string that cannot be a token is not
// stored. No error holds a token, a name or an ARN.
package vault
