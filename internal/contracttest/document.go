package contracttest

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// openAPI is the schema of OpenAPI 3.1 documents, as https://spec.openapis.org/oas/3.1/schema/2022-10-07 gives it.
//
//go:embed openapi-3.1.schema.json
var openAPI []byte

// Check returns what is wrong with the document itself: it violates OpenAPI's own schema, an example violates its schema, a
// reference has no target, or nothing uses a component.
func (c *Contract) Check() error {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(openAPI))
	if err != nil {
		return err
	}
	const address = "https://contract.test/openapi-3.1.schema.json"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(address, schema); err != nil {
		return err
	}
	compiled, err := compiler.Compile(address)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	wrong := []error{compiled.Validate(c.document), c.node().check(used)}
	components, _ := c.node().at("components")
	for _, kind := range components.keys() {
		names, _ := components.at(kind)
		for _, name := range names.keys() {
			if pointer := "#" + names.pointer + "/" + name; kind != "securitySchemes" && !used[pointer] {
				wrong = append(wrong, errors.New(pointer+" is used by nobody"))
			}
		}
	}
	return errors.Join(wrong...)
}

// check visits everything below n and records the targets of references.
func (n node) check(used map[string]bool) error {
	var wrong []error
	switch value := n.value.(type) {
	case []any:
		for i, below := range value {
			wrong = append(wrong, node{n.contract, fmt.Sprintf("%s/%d", n.pointer, i), below}.check(used))
		}
	case map[string]any:
		if reference, ok := value["$ref"].(string); ok {
			used[reference] = true
			if _, ok := n.contract.target(reference); !ok {
				wrong = append(wrong, errors.New(reference+" leads nowhere"))
			}
		}
		wrong = append(wrong, n.checkExamples())
		for key, below := range value {
			wrong = append(wrong, node{n.contract, n.pointer + "/" + escape.Replace(key), below}.check(used))
		}
	}
	return errors.Join(wrong...)
}

// checkExamples checks the examples of a schema, or of a content with a schema, against that schema.
func (n node) checkExamples() error {
	var wrong []error
	switch examples := n.value.(map[string]any)["examples"].(type) {
	case []any: // of a schema
		for _, example := range examples {
			wrong = append(wrong, n.accepts(example))
		}
	case map[string]any: // of a content
		schema := node{n.contract, n.pointer + "/schema", nil}
		for _, example := range examples {
			fields, _ := example.(map[string]any)
			wrong = append(wrong, schema.accepts(fields["value"]))
		}
	}
	return errors.Join(wrong...)
}
