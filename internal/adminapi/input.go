package adminapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// maxBody is the largest request taken.
const maxBody = 16 << 10

// readJSON decodes the body, which must be one JSON object of known fields.
func readJSON(w http.ResponseWriter, r *http.Request, into any) *problem {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil || !isTooLarge(err) {
			return invalid(fieldError{"body", "must be one JSON object and nothing after it"})
		}
	}
	return describe(err)
}

func isTooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// fieldName is how names of fields look. Anything else in a name's place may be a secret and is not repeated.
var fieldName = regexp.MustCompile(`^[A-Za-z]{1,32}$`)

func describe(err error) *problem {
	if isTooLarge(err) {
		return newProblem(http.StatusRequestEntityTooLarge, "too_large", "The body is larger than 16 KiB.")
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return invalid(fieldError{wrong.Field, "is of the wrong type"})
	}
	if unknown, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name := strings.Trim(unknown, `"`)
		if !fieldName.MatchString(name) {
			return invalid(fieldError{"body", "must have known fields only"})
		}
		return invalid(fieldError{name, "is not a field that is known here"})
	}
	return invalid(fieldError{"body", "must be one JSON object"})
}

// formCheck collects what is wrong with a form.
type formCheck struct{ errors []fieldError }

func (c *formCheck) require(ok bool, field, detail string) {
	if !ok {
		c.errors = append(c.errors, fieldError{field, detail})
	}
}

func (c *formCheck) problem() *problem {
	if len(c.errors) == 0 {
		return nil
	}
	return invalid(c.errors...)
}

// query reads the query. One that is not escaped as it should be would otherwise be taken for none.
func (c *formCheck) query(r *http.Request) url.Values {
	values, err := url.ParseQuery(r.URL.RawQuery)
	c.require(err == nil, "query", "must be name=value pairs, joined by & and escaped as in URLs")
	return values
}

func (c *formCheck) token(given *string) credential.Token {
	if given == nil || strings.TrimSpace(*given) == "" {
		c.require(false, "token", "is missing")
		return credential.Token{}
	}
	return credential.NewToken(*given)
}

// maxEmail is the longest address that mail can be sent to. https://www.rfc-editor.org/errata/eid1690
const maxEmail = 254

func (c *formCheck) emails(addresses []string) {
	c.require(len(addresses) <= maxNotifyEmails, "notifyEmails", "must be at most 10 addresses")
	for _, address := range addresses {
		parsed, err := mail.ParseAddress(address)
		_, domain, _ := strings.Cut(address, "@")
		if err != nil || parsed.Address != address || len(address) > maxEmail || !strings.Contains(domain, ".") || strings.ContainsFunc(address, beyondASCII) {
			c.require(false, "notifyEmails", "must be plain e-mail addresses such as a@example.com")
			return
		}
	}
}

func beyondASCII(r rune) bool { return r > unicode.MaxASCII }

// distinct keeps each address once: one person is told once, in whatever letter case they are listed.
func distinct(addresses []string) []string {
	var list []string
	for _, address := range addresses {
		if !slices.ContainsFunc(list, func(known string) bool { return strings.EqualFold(known, address) }) {
			list = append(list, address)
		}
	}
	return list
}

// parse reads a required field with the domain's own parser.
func parse[T any](c *formCheck, field string, given *string, parser func(string) (T, error)) T {
	if given == nil {
		c.require(false, field, "is missing")
		var zero T
		return zero
	}
	v, err := parser(*given)
	if err != nil {
		c.require(false, field, err.Error())
	}
	return v
}
