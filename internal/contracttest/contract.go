// Package contracttest checks requests and answers of the Admin API against its OpenAPI document, for tests. It shares no code
// with the API. It is strict: a status, content type, query parameter or field that the document does not name is a fault.
// Start reading at Exchange.
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

// Contract is an OpenAPI 3.1 document. It is safe for concurrent use.
type Contract struct {
	document map[string]any
	paths    []pathItem

	mu      sync.Mutex // guards schemas: their compiler is not safe for concurrent use
	schemas *jsonschema.Compiler
}

// root is the address under which the document's schemas refer to each other.
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
	paths, _ := c.node().at("paths")
	for _, template := range paths.keys() {
		item, _ := paths.at(template)
		c.paths = append(c.paths, newPathItem(template, item))
	}
	return c, c.schemas.AddResource(root, c.document)
}

// node is a place in the document: its value and its JSON Pointer.
type node struct {
	contract *Contract
	pointer  string
	value    any
}

// at returns the place below n that the keys name. It follows references. ok is false if there is no such place.
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

// followed returns the target of a reference. It leaves references of schemas to the validator, because other keywords may
// stand beside them.
func (n node) followed() node {
	fields, _ := n.value.(map[string]any)
	reference, ok := fields["$ref"].(string)
	if !ok || len(fields) > 1 || strings.HasSuffix(n.pointer, "/schema") {
		return n
	}
	target, _ := n.contract.target(reference)
	return target
}

// target returns the target of a reference. ok is false if the target does not exist.
func (c *Contract) target(reference string) (found node, ok bool) {
	keys := strings.Split(strings.TrimPrefix(reference, "#/"), "/")
	for i, key := range keys {
		keys[i] = unescape.Replace(key)
	}
	return c.node().at(keys...)
}

func (c *Contract) node() node { return node{c, "", c.document} }

// text returns the text below n, or "" if there is none.
func (n node) text(key string) string {
	found, _ := n.at(key)
	text, _ := found.value.(string)
	return text
}

// is reports whether the value of the key is true.
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

// keys returns the names of the members of n.
func (n node) keys() (names []string) {
	fields, _ := n.value.(map[string]any)
	for name := range fields {
		names = append(names, name)
	}
	return names
}

// accepts checks a value against the schema n.
func (n node) accepts(value any) error {
	n.contract.mu.Lock()
	schema, err := n.contract.schemas.Compile(root + "#" + n.pointer)
	n.contract.mu.Unlock()
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// pathItem is a path of the document.
type pathItem struct {
	node
	pattern    *regexp.Regexp
	parameters []string // in the order of the pattern's groups
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func newPathItem(template string, item node) pathItem {
	p := pathItem{node: item, pattern: regexp.MustCompile("^" + placeholder.ReplaceAllString(template, "([^/]+)") + "$")}
	for _, name := range placeholder.FindAllStringSubmatch(template, -1) {
		p.parameters = append(p.parameters, name[1])
	}
	return p
}

// path finds the path item of a URL's path, and the values of its parameters.
func (c *Contract) path(of string) (item node, values map[string]string, ok bool) {
	if of != path.Clean(of) {
		return node{}, nil, false
	}
	for _, item := range c.paths {
		found := item.pattern.FindStringSubmatch(of)
		if found == nil {
			continue
		}
		values = map[string]string{}
		for i, name := range item.parameters {
			values[name] = found[i+1]
		}
		return item.node, values, true
	}
	return node{}, nil, false
}
