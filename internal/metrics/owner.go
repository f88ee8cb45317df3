package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Owner is the account to which a report must belong. GitHub writes the account's id into the rows. The id tells the account from
// another one that has taken its name. The zero value checks nothing.
type Owner struct {
	Scope copilot.Scope
	ID    string // in decimal digits; empty: all rows must have the id of the first row that names one
}

// idField returns the field of the account's id. A row of an enterprise may also name the person's organization, in another field.
func (o Owner) idField() string {
	switch o.Scope {
	case copilot.Organization:
		return "organization_id"
	case copilot.Enterprise:
		return "enterprise_id"
	}
	return ""
}

// check compares the id of a row with the expected one. A row may have no id.
func (o *Owner) check(id accountID) error {
	switch {
	case id == "" || o.Scope == "":
		return nil
	case o.ID == "":
		o.ID = string(id)
	case o.ID != string(id):
		return &fault.Error{
			Code: fault.OtherAccount, Op: "read report",
			Err: fmt.Errorf("its %s is %s, and that of the %s is %s", o.idField(), id, o.Scope, o.ID),
		}
	}
	return nil
}

// read reads an id field of a row, and compares it if it is the field of the owner's scope.
func (o *Owner) read(s *scanner, f field) error {
	text, err := s.value()
	if err != nil || f.String() != o.idField() {
		return err
	}
	if string(bytes.Trim(text, `"`)) == o.ID {
		return nil
	}
	id, err := parseAccountID(text)
	if err != nil {
		return err
	}
	return o.check(id)
}

// accountID is an account's id in decimal digits, or "". Reports write it as a number or as a string.
type accountID string

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (id *accountID) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*id, err = parseAccountID(text)
	return err
}

func parseAccountID(text jsontext.Value) (accountID, error) {
	if text.Kind() == 'n' {
		return "", nil
	}
	if text.Kind() == '"' {
		text, _ = jsontext.AppendUnquote(nil, text)
	}
	if len(text) == 0 {
		return "", nil
	}
	id, err := strconv.ParseUint(string(text), 10, 63)
	if err != nil || strconv.FormatUint(id, 10) != string(text) { // ParseUint also accepts 007
		return "", errors.New("the account's id is no whole number of 64 bits")
	}
	return accountID(text), nil
}
