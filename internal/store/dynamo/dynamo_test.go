package dynamo_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

func TestAnItemCanBeReadByAPerson(t *testing.T) {
	client := awstest.DynamoDB(t)
	name := awstest.CreateTable(t, client)
	table := dynamo.New(client, name, time.Now)
	str := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	num := func(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
	bin := func(s string) types.AttributeValue { return &types.AttributeValueMemberB{Value: []byte(s)} }

	for _, tt := range []struct {
		item store.Item
		want map[string]types.AttributeValue
	}{
		{
			store.Item{Body: []byte("{\"größe\":\t1}\n")},
			map[string]types.AttributeValue{"version": num("1"), "body": str("{\"größe\":\t1}\n")},
		},
		{
			store.Item{Version: 6, Listed: store.Listing{Index: "due", Sort: "a/1"}, Expires: time.Unix(4102444800, 0)},
			map[string]types.AttributeValue{"version": num("7"), "body": str(""), "ix": str("due"), "ixs": str("a/1"), "ttl": num("4102444800")},
		},
		{
			store.Item{Body: []byte("\x1f\x8b\x08")},
			map[string]types.AttributeValue{"version": num("1"), "body": bin("\x1f\x8b\x08")},
		},
		{ // a control character would take six bytes of a request
			store.Item{Body: []byte("\x01\x02")},
			map[string]types.AttributeValue{"version": num("1"), "body": bin("\x01\x02")},
		},
	} {
		tt.item.Key = store.Key{Partition: "p", Sort: "s"}
		tt.want["pk"], tt.want["sk"] = str("p"), str("s")
		if err := table.PutAll(t.Context(), []store.Item{tt.item}); err != nil {
			t.Fatal(err)
		}
		got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: &name, Key: map[string]types.AttributeValue{"pk": str("p"), "sk": str("s")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got.Item, cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{})); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
}
