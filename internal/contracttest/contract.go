// Package contracttest holds requests and answers of the Admin API against its OpenAPI document, for tests. It shares no
// code with the API. It is strict: what the document does not name is a fault, be it a status, a type of content, a query
// parameter or a field.
//
// Begin with Exchange.
package contracttest

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Contract is an OpenAPI 3.1 document. It may be used by several goroutines.
type Contract struct {
	document map[string]any

	mu      sync.Mutex // of schemas, for a compiler works for one at a time
	schemas *jsonschema.Compiler
}

// root is the address by which schemas of the document refer to each other.
const root = "https://contract.test/openapi.yaml"

// Open reads a document.
func Open(file string) (*Contract, error) {
	source, err := os.ReadFile(file) //nolint:gosec // named by a test
	if err != nil {
		return nil, err
	}
	c := &Contract{schemas: jsonschema.NewCompiler()}
	if err := yaml.Unmarshal(source, &c.document); err != nil {
		return nil, err
	}
	c.schemas.DefaultDraft(jsonschema.Draft2020)
	c.schemas.AssertFormat()
	for _, format := range numberFormats {
		c.schemas.RegisterFormat(format)
	}
	return c, c.schemas.AddResource(root, c.document)
}

// node is a place in the document: what it holds, and the JSON Pointer of it.
type node struct {
	contract *Contract
	pointer  string
	value    any
}

// at returns the place below n that the keys name, with references followed; ok is false where there is none.
func (n node) at(keys ...string) (found node, ok bool) {
	found = n
	for _, key := range keys {
		fields, _ := found.value.(map[string]any)
		value, ok := fields[key]
		if !ok {
			return node{}, false
		}
		found = node{n.contract, found.pointer + "/" + escape.Replace(key), value}.followed()
	}
	return found, true
}

var escape, unescape = strings.NewReplacer("~", "~0", "/", "~1"), strings.NewReplacer("~1", "/", "~0", "~")

// followed returns what a reference refers to. Those of schemas are left to the validator, for they may have neighbours.
func (n node) followed() node {
	fields, _ := n.value.(map[string]any)
	reference, ok := fields["$ref"].(string)
	if !ok || len(fields) > 1 || strings.HasSuffix(n.pointer, "/schema") {
		return n
	}
	target, _ := n.contract.target(reference)
	return target
}

// target returns what a reference leads to; ok is false where it leads nowhere.
func (c *Contract) target(reference string) (found node, ok bool) {
	keys := strings.Split(strings.TrimPrefix(reference, "#/"), "/")
	for i, key := range keys {
		keys[i] = unescape.Replace(key)
	}
	return c.node().at(keys...)
}

func (c *Contract) node() node { return node{c, "", c.document} }

// text returns the text below n, empty where there is none.
func (n node) text(key string) string {
	found, _ := n.at(key)
	text, _ := found.value.(string)
	return text
}

// is reports whether the document says true of the key.
func (n node) is(key string) bool {
	found, _ := n.at(key)
	return found.value == true
}

// list returns the places of a list below n.
func (n node) list(key string) (all []node) {
	found, _ := n.at(key)
	values, _ := found.value.([]any)
	for i, value := range values {
		all = append(all, node{n.contract, fmt.Sprintf("%s/%d", found.pointer, i), value}.followed())
	}
	return all
}

// keys returns the names of what is below n.
func (n node) keys() (names []string) {
	fields, _ := n.value.(map[string]any)
	for name := range fields {
		names = append(names, name)
	}
	return names
}

// accepts holds a value against the schema that n is.
func (n node) accepts(value any) error {
	n.contract.mu.Lock()
	schema, err := n.contract.schemas.Compile(root + "#" + n.pointer)
	n.contract.mu.Unlock()
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// path finds the path item of a URL's path, and the values of its parameters.
func (c *Contract) path(of string) (item node, values map[string]string, ok bool) {
	paths, _ := c.node().at("paths")
	for _, template := range paths.keys() {
		pattern := regexp.MustCompile("^" + placeholder.ReplaceAllString(template, "([^/]+)") + "$")
		found := pattern.FindStringSubmatch(of)
		if found == nil || of != path.Clean(of) {
			continue
		}
		values = map[string]string{}
		for i, name := range placeholder.FindAllStringSubmatch(template, -1) {
			values[name[1]] = found[i+1]
		}
		item, ok = paths.at(template)
		return item, values, ok
	}
	return node{}, nil, false
}
