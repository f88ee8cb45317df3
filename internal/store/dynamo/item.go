package dynamo

import (
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// The attributes of an item, and the index of the items with ix and ixs.
const (
	partitionAttribute = "pk"
	sortAttribute      = "sk"
	versionAttribute   = "version" // 1 after the first write
	bodyAttribute      = "body"    // a string if it is text, so that a person can read it
	ttlAttribute       = "ttl"     // epoch seconds; absent: never
	indexAttribute     = "ix"
	indexSortAttribute = "ixs"

	indexName = "listed"
)

type attributes = map[string]types.AttributeValue

var errBroken = errors.New("the table holds what is no item")

func keyOf(key store.Key) attributes {
	return attributes{partitionAttribute: text(key.Partition), sortAttribute: text(key.Sort)}
}

// written returns the attributes of an item after a write: its version is one higher.
func written(item store.Item) attributes {
	a := keyOf(item.Key)
	a[versionAttribute] = number(item.Version + 1)
	a[bodyAttribute] = &types.AttributeValueMemberB{Value: item.Body}
	if readable(item.Body) {
		a[bodyAttribute] = text(string(item.Body))
	}
	if !item.Expires.IsZero() {
		a[ttlAttribute] = number(item.Expires.Unix())
	}
	if item.Listed != (store.Listing{}) {
		a[indexAttribute] = text(item.Listed.Index)
		a[indexSortAttribute] = text(item.Listed.Sort)
	}
	return a
}

// readable reports whether a body is text. Control characters would grow sixfold in a request.
func readable(body []byte) bool {
	for _, c := range body {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(body)
}

func itemOf(a attributes) (store.Item, error) {
	key, err := storedKey(a)
	if err != nil {
		return store.Item{}, err
	}
	item := store.Item{Key: key}
	if item.Version, err = integer(a[versionAttribute]); err != nil {
		return store.Item{}, err
	}
	switch body := a[bodyAttribute].(type) {
	case *types.AttributeValueMemberS:
		item.Body = []byte(body.Value)
	case *types.AttributeValueMemberB:
		item.Body = body.Value
	default:
		return store.Item{}, errBroken
	}
	if ttl, ok := a[ttlAttribute]; ok {
		seconds, err := integer(ttl)
		if err != nil {
			return store.Item{}, err
		}
		item.Expires = time.Unix(seconds, 0).UTC()
	}
	if index, ok := a[indexAttribute].(*types.AttributeValueMemberS); ok {
		item.Listed.Index = index.Value
		if item.Listed.Sort, err = str(a[indexSortAttribute]); err != nil {
			return store.Item{}, err
		}
	}
	return item, nil
}

func storedKey(a attributes) (store.Key, error) {
	partition, err := str(a[partitionAttribute])
	if err != nil {
		return store.Key{}, err
	}
	sort, err := str(a[sortAttribute])
	return store.Key{Partition: partition, Sort: sort}, err
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func str(value types.AttributeValue) (string, error) {
	s, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return "", errBroken
	}
	return s.Value, nil
}

func integer(value types.AttributeValue) (int64, error) {
	n, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return 0, errBroken
	}
	i, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return 0, errBroken
	}
	return i, nil
}
