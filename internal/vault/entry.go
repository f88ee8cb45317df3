package vault

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/connector"
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
		return &connector.Error{Code: connector.CodeInternal, Op: op, Err: err}
	}
	return nil
}

// parse makes a token of what was stored, which others may have changed.
func parse(stored string) (connector.Token, error) {
	token := connector.NewToken(stored)
	if token.Check() != nil {
		return connector.Token{}, failed(opGet, errors.New("what lies there is no token"))
	}
	return token, nil
}

func absent() error {
	return &connector.Error{Code: connector.CodeNoToken, Op: opGet}
}

// failed takes a cause that is safe to tell.
func failed(op string, cause error) error {
	return &connector.Error{Code: connector.CodeVault, Op: op, Err: cause}
}
