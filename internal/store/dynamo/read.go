package dynamo

import (
	"context"
	"iter"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// Get implements store.Table.
func (t *Table) Get(ctx context.Context, key store.Key) (*store.Item, error) {
	const op = "read an item"
	if err := key.Check(); err != nil {
		return nil, refused(op, err)
	}
	answer, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &t.name,
		Key:            keyOf(key),
		ConsistentRead: aws.Bool(true),
	}, t.retry)
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	if answer.Item == nil {
		return nil, nil
	}
	item, err := itemOf(answer.Item)
	if err != nil {
		return nil, refused(op, err)
	}
	if item.Expired(t.now()) {
		return nil, nil
	}
	return &item, nil
}

// Query implements store.Table. It asks for a page after the caller has taken the page before.
func (t *Table) Query(ctx context.Context, r store.Range) iter.Seq2[store.Item, error] {
	return store.Pages(r, t.now, func(at attributes, left int) (page []store.Item, next attributes, more bool, err error) {
		const op = "query items"
		request := t.query(r)
		request.ExclusiveStartKey = at
		if left > 0 {
			request.Limit = limit(left)
		}
		answer, err := t.client.Query(ctx, request, t.retry)
		if err != nil {
			return nil, nil, false, failed(ctx, op, err)
		}
		for _, a := range answer.Items {
			item, err := itemOf(a)
			if err != nil {
				return nil, nil, false, refused(op, err)
			}
			page = append(page, item)
		}
		return page, answer.LastEvaluatedKey, len(answer.LastEvaluatedKey) > 0, nil
	})
}

func (t *Table) query(r store.Range) *dynamodb.QueryInput {
	condition := partitionAttribute + " = :partition"
	values := attributes{":partition": text(r.Partition)}
	if r.From != "" {
		values[":from"] = text(r.From)
	}
	if r.To != "" {
		values[":to"] = text(r.To)
	}
	switch {
	case r.From != "" && r.To != "":
		condition += " AND " + sortAttribute + " BETWEEN :from AND :to"
	case r.From != "":
		condition += " AND " + sortAttribute + " >= :from"
	case r.To != "":
		condition += " AND " + sortAttribute + " <= :to"
	}
	return &dynamodb.QueryInput{
		TableName:                 &t.name,
		KeyConditionExpression:    &condition,
		ExpressionAttributeValues: values,
		ScanIndexForward:          aws.Bool(!r.NewestFirst),
		ConsistentRead:            aws.Bool(!r.MayLag),
	}
}

// List implements store.Table.
func (t *Table) List(ctx context.Context, index, after string, most int) ([]store.Entry, error) {
	const op = "list an index"
	if err := store.CheckPlace(index, after); err != nil {
		return nil, refused(op, err)
	}
	condition := indexAttribute + " = :index"
	values := attributes{":index": text(index)}
	if after != "" {
		condition += " AND " + indexSortAttribute + " > :after"
		values[":after"] = text(after)
	}
	request := &dynamodb.QueryInput{
		TableName:                 &t.name,
		IndexName:                 aws.String(indexName),
		KeyConditionExpression:    &condition,
		ExpressionAttributeValues: values,
	}
	var entries []store.Entry
	for len(entries) < most {
		request.Limit = limit(most - len(entries))
		answer, err := t.client.Query(ctx, request, t.retry)
		if err != nil {
			return nil, failed(ctx, op, err)
		}
		for _, a := range answer.Items {
			key, err := storedKey(a)
			if err != nil {
				return nil, refused(op, err)
			}
			sort, err := str(a[indexSortAttribute])
			if err != nil {
				return nil, refused(op, err)
			}
			entries = append(entries, store.Entry{Sort: sort, Key: key})
		}
		if len(answer.LastEvaluatedKey) == 0 {
			break
		}
		request.ExclusiveStartKey = answer.LastEvaluatedKey
	}
	return entries, nil
}

func limit(n int) *int32 { return aws.Int32(int32(min(n, math.MaxInt32))) } //nolint:gosec // it fits
