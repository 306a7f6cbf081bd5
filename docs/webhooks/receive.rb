# WEBHOOK_SECRET=whsec_… PORT=8080 ruby receive.rb
# WEBrick is a gem of Ruby 3; in Rails, call verify with request.raw_post and request.headers.
require 'json'
require 'openssl'
require 'webrick'

TOLERANCE_S = 5 * 60
SECRET = ENV.fetch('WEBHOOK_SECRET', '')
abort 'Set WEBHOOK_SECRET to the secret of your project (whsec_...)' if SECRET.empty?

# Returns the event. Raises ArgumentError if the signature or the timestamp is invalid.
def verify(body, headers, secret)
  id, timestamp, signatures =
    %w[webhook-id webhook-timestamp webhook-signature].map { |name| headers[name].to_s }
  raise ArgumentError, 'The timestamp is too far from now' if (Time.now.to_i - Integer(timestamp, 10)).abs > TOLERANCE_S

  key = secret.delete_prefix('whsec_').unpack1('m')
  expected = 'v1,' + [OpenSSL::HMAC.digest('SHA256', key, "#{id}.#{timestamp}.#{body}")].pack('m0')
  # While a secret is being rotated, there is a signature for each of the two.
  unless signatures.split(' ').any? { |given| OpenSSL.secure_compare(given, expected) }
    raise ArgumentError, 'No signature matches'
  end

  JSON.parse(body)
end

server = WEBrick::HTTPServer.new(BindAddress: '127.0.0.1', Port: ENV.fetch('PORT').to_i, AccessLog: [])
server.mount_proc '/' do |request, response|
  # The bytes as received: an object that was parsed and written again has another signature.
  event = verify(request.body.to_s, request, SECRET)
  puts "#{event['type']} #{request['webhook-id']}"
  response.status = 204
rescue ArgumentError => e
  response.status = 400
  response.body = e.message
end
%w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
server.start
