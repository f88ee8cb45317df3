package emftest

import (
	"strings"
	"testing"
)

// sound is a valid line, as in the specification.
const sound = `{"_aws":{"Timestamp":1574109732004,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[["stack"],["stack","code"]],` +
	`"Metrics":[{"Name":"Polls","Unit":"Count"}]}]},"stack":"prod","code":"ok","Polls":2,"requestId":"1"}`

func TestALineIsReadAsCloudWatchReadsIt(t *testing.T) {
	lines := Lines(t, "START\n{\"message\":\"no metric\"}\n"+sound+"\n")
	if len(lines) != 1 || lines[0].At.UnixMilli() != 1574109732004 || lines[0].Members["requestId"] != "1" {
		t.Fatalf("read %+v", lines)
	}
	for _, name := range []string{"Polls stack=prod", "Polls stack=prod code=ok"} {
		if lines[0].Metrics[name] != 2 {
			t.Errorf("%s is %v", name, lines[0].Metrics[name])
		}
	}
}

func TestALineThatCloudWatchRefusesIsRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"no JSON":                              {`{"_aws"`, `2026 {"_aws"`},
		"no time":                              {`"Timestamp":1574109732004,`, ``},
		"a time that is not a whole number":    {`1574109732004`, `1574109732.004`},
		"no directive":                         {`"CloudWatchMetrics"`, `"cloudwatch"`},
		"no namespace":                         {`"Namespace":"N",`, ``},
		"no dimensions":                        {`[["stack"],["stack","code"]]`, `[]`},
		"a missing dimension":                  {`"code":"ok",`, ``},
		"a dimension that is a number":         {`"code":"ok"`, `"code":1`},
		"a dimension that is empty":            {`"code":"ok"`, `"code":""`},
		"a dimension that is not ASCII":        {`"code":"ok"`, `"code":"ö"`},
		"a dimension that begins with a colon": {`"code":"ok"`, `"code":":ok"`},
		"a dimension too long":                 {`"code":"ok"`, `"code":"` + strings.Repeat("a", 1025) + `"`},
		"too many dimensions":                  {`["stack"]`, `[` + strings.Repeat(`"stack",`, 30) + `"stack"]`},
		"a missing metric":                     {`"Polls":2,`, ``},
		"a metric below the root":              {`"Polls":2`, `"g":{"Polls":2}`},
		"a metric that is a text":              {`"Polls":2`, `"Polls":"2"`},
		"a metric in another unit":             {`"Unit":"Count"`, `"Unit":"count"`},
		"too many metrics":                     {`"Metrics":[`, `"Metrics":[` + strings.Repeat(`{"Name":"Polls","Unit":"Count"},`, 100)},
		"a dimension twice":                    {`[["stack"],`, `[["stack"],["stack"],`},
		"a repeated member of the root":        {`"Polls":2`, `"Polls":2,"Polls":3`},
	} {
		t.Run(name, func(t *testing.T) {
			line := strings.Replace(sound, change[0], change[1], 1)
			if line == sound {
				t.Fatal("the test has not changed the valid line")
			}
			if _, err := read([]byte(line)); err == nil {
				t.Error("the line is accepted")
			}
		})
	}
}
