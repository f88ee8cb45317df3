package vault

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// The operations that errors name.
const (
	OpPut    = "store the token"
	OpGet    = "read the token"
	OpDelete = "delete the token"
)

// CheckName returns an error if the tenant or the id is malformed, and so could change the name of a secret or file.
func CheckName(op, tenant, id string) error {
	_, badTenant := connector.ParseTenant(tenant)
	_, badID := connector.ParseID(id)
	if err := errors.Join(badTenant, badID); err != nil {
		return &fault.Error{Code: fault.Internal, Op: op, Err: err}
	}
	return nil
}

// Parse returns the token of a stored string. It checks the string, because somebody else may have changed it.
func Parse(stored string) (credential.Token, error) {
	token := credential.Stored(stored)
	if token.Check() != nil {
		return credential.Token{}, Failed(OpGet, errors.New("what lies there is no token"))
	}
	return token, nil
}

// Absent returns the error of a token that does not exist.
func Absent() error {
	return &fault.Error{Code: fault.NoToken, Op: OpGet}
}

// Failed returns the error of a vault that failed. The cause must be safe to log.
func Failed(op string, cause error) error {
	return &fault.Error{Code: fault.Vault, Op: op, Err: cause}
}
