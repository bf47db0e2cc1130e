package sandbox

import "net/http"

// upsertRoute is the upsert of opportunities. The documents give it no contact, so it
// finds opportunities by their ids only.
func (os *opportunities) upsertRoute(scope string) route {
	need := rule{kind: text, need: true}
	action := rule{kind: text, need: true, one: []string{"add", "remove"}}
	return route{method: http.MethodPost, pattern: "/opportunities/upsert", scope: scope, serve: os.upsert, body: shape{
		"id": {kind: text}, "pipelineId": need, "locationId": need, "followers": {kind: texts},
		"isRemoveAllFollowers": {kind: flag, need: true}, "followersActionType": action, "name": {kind: text},
		"status": {kind: text, one: []string{"open", "won", "lost", "abandoned", "all"}}, "pipelineStageId": {kind: text},
		"monetaryValue": {kind: number}, "assignedTo": {kind: text}, "lostReasonId": {kind: text},
	}}
}

func (os *opportunities) upsert(c *call) *answer {
	id, _ := c.body["id"].(string)
	old, known := os.byID[id]
	if !known {
		return badRequest(os.words.unknown)
	}
	updated := *old
	if refusal := os.write(c, &updated); refusal != nil {
		return refusal
	}
	if reason, given := c.body["lostReasonId"].(string); given && updated.Status == "lost" {
		updated.LostReasonID = reason
	}
	if all, _ := c.body["isRemoveAllFollowers"].(bool); all {
		updated.Followers = nil
	}
	updated.Followers, _ = following(updated.Followers, strs(c.body["followers"].([]any)), c.body["followersActionType"] == "add")
	os.put(c.now, id, &updated)
	return ok(object{"opportunity": os.single(&updated), "new": false})
}
