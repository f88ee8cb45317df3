package vault

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// What was being done, as the errors tell it.
const (
	opPut    = "store the token"
	opDrop   = "drop the token before"
	opGet    = "read the token"
	opDelete = "delete the token"
)

// checkName keeps everything but tenants and ids out of the names of secrets and files.
func checkName(op, tenant, id string) error {
	_, badTenant := connector.ParseTenant(tenant)
	_, badID := connector.ParseID(id)
	if err := errors.Join(badTenant, badID); err != nil {
		return &fault.Error{Code: fault.Internal, Op: op, Err: err}
	}
	return nil
}

// parse makes a token of what was stored, which others may have changed.
func parse(stored string) (credential.Token, error) {
	token := credential.NewToken(stored)
	if token.Check() != nil {
		return credential.Token{}, failed(opGet, errors.New("what lies there is no token"))
	}
	return token, nil
}

func absent() error {
	return &fault.Error{Code: fault.NoToken, Op: opGet}
}

// failed takes a cause that is safe to tell.
func failed(op string, cause error) error {
	return &fault.Error{Code: fault.Vault, Op: op, Err: cause}
}
