package contracttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Exchange is a request with its answer, both as they were sent.
type Exchange struct {
	Method, URL string // the URL's path and query
	ContentType string // of the request
	Body        []byte // of the request
	Status      int
	Header      http.Header // of the answer
	Answer      []byte      // uncompressed
}

// Hold returns every way in which the contract does not promise the answer, or does not allow a request that the API accepted.
// It returns nil if there is none.
func (c *Contract) Hold(e Exchange) error {
	asked, err := url.Parse(e.URL)
	if err != nil {
		return err
	}
	item, values, ok := c.path(asked.EscapedPath())
	if !ok { // the contract does not describe paths that do not exist
		return c.holdNothing(e)
	}
	operation, ok := item.at(strings.ToLower(e.Method))
	if !ok {
		operation = anyOperation(item)
	}
	var wrong []error
	if e.Status < http.StatusMultipleChoices {
		wrong = append(wrong, allows(item, operation, values, asked.RawQuery), allowsBody(operation, e))
	}
	return errors.Join(append(wrong, promises(operation, e))...)
}

// holdNothing checks the answer for a path that does not exist.
func (c *Contract) holdNothing(e Exchange) error {
	if e.Status != http.StatusNotFound {
		return fmt.Errorf("status %d, and the contract has no such path", e.Status)
	}
	problem, _ := c.node().at("components", "responses", "NotFound")
	return holdContent(problem, e.Header.Get("Content-Type"), e.Answer)
}

var verbs = []string{"get", "put", "post", "delete", "patch"}

// anyOperation returns some operation of a path. All operations of a path promise the same 405.
func anyOperation(item node) node {
	for _, verb := range verbs {
		if operation, ok := item.at(verb); ok {
			return operation
		}
	}
	return node{}
}

// allows checks the parameters of a request that the API accepted.
func allows(item, operation node, inPath map[string]string, rawQuery string) error {
	query, err := url.ParseQuery(rawQuery)
	wrong := []error{err}
	for _, parameter := range slices.Concat(item.list("parameters"), operation.list("parameters")) {
		name := parameter.text("name")
		given, there := query[name]
		if parameter.text("in") == "path" {
			given, there = []string{inPath[name]}, true
		}
		delete(query, name)
		switch {
		case !there && parameter.is("required"):
			wrong = append(wrong, fmt.Errorf("the parameter %s is missing", name))
		case there && len(given) != 1:
			wrong = append(wrong, fmt.Errorf("the parameter %s is given %d times", name, len(given)))
		case there:
			wrong = append(wrong, holdText(parameter, name, given[0]))
		}
	}
	for name := range query {
		wrong = append(wrong, fmt.Errorf("the contract has no parameter %s", name))
	}
	return errors.Join(wrong...)
}

// holdText checks the value of a parameter or header, which may be a number.
func holdText(of node, name, text string) error {
	schema, _ := of.at("schema")
	err := schema.accepts(text)
	if _, isNumber := strconv.ParseFloat(text, 64); err != nil && isNumber == nil {
		err = schema.accepts(json.Number(text))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// allowsBody checks the body of a request that the API accepted.
func allowsBody(operation node, e Exchange) error {
	body, ok := operation.at("requestBody")
	switch {
	case !ok && len(e.Body) > 0:
		return errors.New("a body was sent, and the contract has none")
	case !ok || len(e.Body) == 0 && !body.is("required"):
		return nil
	}
	return holdContent(body, e.ContentType, e.Body)
}

// promises checks the answer.
func promises(operation node, e Exchange) error {
	response, ok := operation.at("responses", strconv.Itoa(e.Status))
	if !ok {
		return fmt.Errorf("the contract does not promise status %d", e.Status)
	}
	var wrong []error
	headers, _ := response.at("headers")
	for _, name := range headers.keys() {
		header, _ := headers.at(name)
		switch given := e.Header.Values(name); {
		case len(given) > 0:
			wrong = append(wrong, holdText(header, name, strings.Join(given, ", ")))
		case header.is("required"):
			wrong = append(wrong, fmt.Errorf("the header %s is missing", name))
		}
	}
	return errors.Join(append(wrong, holdContent(response, e.Header.Get("Content-Type"), e.Answer))...)
}

// holdContent checks a body against the contract's schema for its content type.
func holdContent(of node, contentType string, body []byte) error {
	content, ok := of.at("content")
	if !ok {
		if len(body) > 0 {
			return fmt.Errorf("the contract has no body here: %.80s", body)
		}
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	schema, ok := content.at(mediaType, "schema")
	if !ok {
		return fmt.Errorf("the contract has no content of the type %s here", mediaType)
	}
	if mediaType != "application/json" && !strings.HasSuffix(mediaType, "+json") {
		return schema.accepts(string(body))
	}
	if !jsontext.Value(body).IsValid() { // a repeated name is invalid too, because parsers treat it in different ways
		return fmt.Errorf("it is no JSON by RFC 7493: %.80s", body)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.accepts(value)
}
