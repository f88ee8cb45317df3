package vault

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// What was being done, as the errors tell it.
const (
	OpPut    = "store the token"
	OpGet    = "read the token"
	OpDelete = "delete the token"
)

// CheckName keeps everything but tenants and ids out of the names of secrets and files.
func CheckName(op, tenant, id string) error {
	_, badTenant := connector.ParseTenant(tenant)
	_, badID := connector.ParseID(id)
	if err := errors.Join(badTenant, badID); err != nil {
		return &fault.Error{Code: fault.Internal, Op: op, Err: err}
	}
	return nil
}

// Parse makes a token of what was stored, which others may have changed.
func Parse(stored string) (credential.Token, error) {
	token := credential.NewToken(stored)
	if token.Check() != nil {
		return credential.Token{}, Failed(OpGet, errors.New("what lies there is no token"))
	}
	return token, nil
}

// Absent is the error of a token that is not there.
func Absent() error {
	return &fault.Error{Code: fault.NoToken, Op: OpGet}
}

// Failed takes a cause that is safe to tell.
func Failed(op string, cause error) error {
	return &fault.Error{Code: fault.Vault, Op: op, Err: cause}
}
