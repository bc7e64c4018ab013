// Loads the page anew when its server has another version; what its reader has changed is in the link and comes back.
{
  const { version } = document.documentElement.dataset;
  const ask = async () => {
    try {
      const answer = await fetch("/version");
      if (answer.ok && (await answer.text()) !== version) {
        globalThis.simcPage?.saveNow();
        location.reload();
        return;
      }
    } catch {
      // The server has ended, or starts again.
    }
    setTimeout(ask, 500);
  };
  setTimeout(ask, 500);
}
