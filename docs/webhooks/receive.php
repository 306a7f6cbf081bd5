<?php
// WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:8080 receive.php
declare(strict_types=1);

const TOLERANCE_S = 5 * 60;

/**
 * Returns the event.
 *
 * @throws InvalidArgumentException if the signature or the timestamp is invalid
 */
function verify(string $body, array $server, string $secret): array
{
    $id = $server['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_S) {
        throw new InvalidArgumentException('The timestamp is missing or too far from now');
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // While a secret is being rotated, there is a signature for each of the two.
    foreach (explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
        }
    }
    throw new InvalidArgumentException('No signature matches');
}

$secret = getenv('WEBHOOK_SECRET');
if (!$secret) {
    error_log('Set WEBHOOK_SECRET to the secret of your project (whsec_...)');
    http_response_code(500);
    exit;
}
try {
    // The bytes as received: an object that was parsed and written again has another signature.
    $event = verify(file_get_contents('php://input'), $_SERVER, $secret);
    error_log("{$event['type']} {$_SERVER['HTTP_WEBHOOK_ID']}");
    http_response_code(204);
} catch (InvalidArgumentException $error) {
    http_response_code(400);
    echo $error->getMessage();
}
