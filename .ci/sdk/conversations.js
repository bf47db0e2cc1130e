import { equal, ok } from 'node:assert/strict';
import { ghl, locationId } from './sdk.js';

export async function conversations() {
  const found = await ghl.conversations.searchConversation({ locationId, limit: 20 });
  equal(found.conversations[0].id, 'CNV1');
  equal((await ghl.conversations.getConversation({ conversationId: 'CNV1' })).contactId, 'CON1');
  const { messages } = await ghl.conversations.getMessages({ conversationId: 'CNV1', limit: 20 });
  equal(messages.messages.length, 3);
  const single = await ghl.conversations.getMessage({ id: 'MSG2' });
  equal((single.message ?? single).body, 'Bye');
  equal((await ghl.conversations.getEmailById({ id: 'EML1' })).subject, 'Race');
  ok(await ghl.conversations.getMessageRecording({ messageId: 'MSG3', locationId }));
  ok(await ghl.conversations.getMessageTranscription({ messageId: 'MSG3', locationId }));
  ok(String(await ghl.conversations.downloadMessageTranscription({ messageId: 'MSG3', locationId })).includes('Hello'));
  await ghl.conversations.updateMessageStatus({ messageId: 'MSG2' }, { status: 'read' });
  equal((await ghl.conversations.liveChatAgentTyping({ locationId, isTyping: true, visitorId: 'VIS1', conversationId: 'CNV1' })).success, true);
}
