# Evaluates a formula as Homebrew does: its address for this machine is fetched, the sum is checked, and install and test run.
#   ruby formula.rb FORMULA PREFIX
require 'digest'
require 'fileutils'
require 'net/http'
require 'open3'
require 'pathname'
require 'shellwords'
require 'tmpdir'
require 'uri'

# What Homebrew adds to a path.
class Pathname
  def install(*sources)
    mkpath
    sources.flatten.each { |source| FileUtils.mv(source.to_s, to_s) }
  end

  def install_symlink(links)
    mkpath
    links.each { |target, name| FileUtils.ln_s(target.to_s, (self / name).to_s) }
  end
end

# The part of Homebrew's language that the formula uses; any other word of it is an error.
class Formula
  class << self
    attr_reader :source, :sum, :trial

    %i[desc homepage license].each do |word|
      define_method(word) { |value| raise "#{word} is empty" if value.empty? }
    end

    def version(value = nil)
      value ? @version = value : @version
    end

    def url(value)
      @source = value
    end

    def sha256(value)
      @sum = value
    end

    def on_macos
      yield if RUBY_PLATFORM.include?('darwin')
    end

    def on_linux
      yield if RUBY_PLATFORM.include?('linux')
    end

    def on_arm
      yield if RUBY_PLATFORM.match?(/arm64|aarch64/)
    end

    def on_intel
      yield if RUBY_PLATFORM.match?(/x86_64|x64/)
    end

    def test(&block)
      @trial = block
    end
  end

  def initialize(prefix)
    @prefix = Pathname(prefix)
  end

  def version = self.class.version
  def bin = @prefix / 'bin'
  def man1 = @prefix / 'share/man/man1'

  def generate_completions_from_executable(*command)
    {
      'bash' => 'etc/bash_completion.d/clusterprofile',
      'zsh' => 'share/zsh/site-functions/_clusterprofile',
      'fish' => 'share/fish/vendor_completions.d/clusterprofile.fish'
    }.each do |shell, path|
      file = @prefix / path
      file.dirname.mkpath
      file.write(shell_output([*command, shell].shelljoin))
    end
  end

  def shell_output(command)
    out, status = Open3.capture2(command)
    raise "#{command} ended with #{status.exitstatus}" unless status.success?

    out
  end

  def assert_match(wanted, text)
    raise "#{wanted} is not in #{text}" unless text.include?(wanted)
  end
end

file, prefix = ARGV
load File.expand_path(file)
formula = Clusterprofile
raise 'no address for this machine' unless formula.source

packed = Net::HTTP.get_response(URI(formula.source)).tap { |answer| raise answer.code unless answer.code == '200' }.body
raise 'SHA-256 mismatch' unless Digest::SHA256.hexdigest(packed) == formula.sum

made = formula.new(prefix)
Dir.mktmpdir do |stage|
  File.binwrite(File.join(stage, 'packed'), packed)
  Dir.chdir(stage) do
    system('tar', '-xzf', 'packed', exception: true)
    made.install
  end
  Dir.chdir(stage) { made.instance_exec(&formula.trial) }
end
puts "clusterprofile #{formula.version}: installed and tested"
