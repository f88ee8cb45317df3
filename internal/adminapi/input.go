package adminapi

import (
	"maps"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// readJSON decodes the body of a request.
func readJSON(w http.ResponseWriter, r *http.Request, into any, nullable ...string) *problem {
	return ours(edge.ReadJSON(w, r, into, nullable...))
}

// formCheck collects the errors of a form.
type formCheck struct{ errors []edge.FieldError }

func (c *formCheck) require(ok bool, field, detail string) {
	if !ok {
		c.errors = append(c.errors, edge.FieldError{Field: field, Detail: detail})
	}
}

// goWith returns a problem if a query parameter does not go with another one.
func (c *formCheck) goWith(other string, query url.Values, takes []string) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		c.require(slices.Contains(takes, name), name, "does not go with "+other+", which takes "+strings.Join(takes, ", "))
	}
}

func (c *formCheck) problem() *problem {
	if len(c.errors) == 0 {
		return nil
	}
	return invalid(c.errors...)
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

// distinct returns each address once, ignoring letter case, so that a person gets a mail once.
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
