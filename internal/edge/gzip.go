package edge

import (
	"regexp"
	"strconv"
	"strings"
)

// AcceptsGzip reports whether a caller is content with gzip, by RFC 9110, section 12.5.3: it names it, or *, with a weight
// above zero, and does not say that it would rather have the answer as it is.
func AcceptsGzip(headers []string) bool {
	weights := map[string]float64{}
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(headers, ",")), ",") {
		name, parameter, weighted := strings.Cut(coding, ";")
		weight := 1.0
		if weighted {
			weight = quality(strings.TrimSpace(parameter))
		}
		name = strings.TrimSpace(name)
		weights[name] = max(weights[name], weight)
	}
	gzip, named := weights["gzip"]
	if alias, ok := weights["x-gzip"]; !named && ok {
		gzip, named = alias, true
	}
	if !named {
		gzip = weights["*"]
	}
	return gzip > 0 && gzip >= weights["identity"]
}

var qualityPattern = regexp.MustCompile(`^q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$`)

// quality reads a weight. One that cannot be read is 0: it is safe to send the answer as it is.
func quality(parameter string) float64 {
	parts := qualityPattern.FindStringSubmatch(parameter)
	if parts == nil {
		return 0
	}
	weight, _ := strconv.ParseFloat(parts[1], 64) // digits
	return weight
}
